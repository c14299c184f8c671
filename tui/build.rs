//! Hands the server's exported schema to cynic, so that what this client asks is checked when it is compiled.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    cynic_codegen::register_schema("campanile").from_sdl_file("../schema.graphql")?.as_default()?;
    Ok(())
}
