//! Builds `GraphiQL`'s page out of `web/` and makes a Rust table of its files, for `src/http/graphiql.rs` to
//! embed.
//!
//! It never fails the build: where Node is missing, or npm cannot fetch its packages, a small page that says
//! so takes the place of the real one, with a warning. It writes into `OUT_DIR` only, never into the source
//! tree, and does nothing when `web/` is as it was. `CAMPANILE_WEB=skip` leaves `GraphiQL` out.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

/// What the page is made of. `node_modules` and `dist`, which somebody may have there for developing, are
/// not.
const SOURCES: [&str; 6] =
    ["compress.js", "index.html", "package-lock.json", "package.json", "src", "vite.config.js"];

/// Vite 8 asks for this.
const OLDEST_NODE: (u32, u32) = (20, 19);

/// For each of the two npm commands. Usually they take 10 s together; a network that swallows packets must
/// not hang the build.
const PATIENCE: Duration = Duration::from_mins(5);

fn main() -> io::Result<()> {
    let web = Path::new("../web");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=CAMPANILE_WEB");
    for source in SOURCES {
        println!("cargo::rerun-if-changed={}", web.join(source).display());
    }

    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?);
    let dist = match build(web, &out.join("web")) {
        Ok(dist) => dist,
        Err(reason) => {
            if env::var_os("CAMPANILE_WEB").as_deref() != Some(OsStr::new("skip")) {
                println!("cargo::warning=GraphiQL is left out of this build: {reason}");
            }
            substitute(&out.join("no-web"), &reason)?
        }
    };
    fs::write(out.join("graphiql_assets.rs"), table(&dist)?)
}

/// Builds the page in a copy of `web`, and returns the folder with its files. An error is one line for a
/// person to read.
fn build(web: &Path, copy: &Path) -> Result<PathBuf, String> {
    if env::var_os("CAMPANILE_WEB").as_deref() == Some(OsStr::new("skip")) {
        return Err("CAMPANILE_WEB=skip was set".to_owned());
    }
    let dist = copy.join("dist");
    let stamp = copy.join("built-from");
    let sources = fingerprint(web).map_err(|error| format!("web/ cannot be read ({error})"))?;
    // This script also runs after a mere checkout, which touches files without changing them.
    if fs::read_to_string(&stamp).is_ok_and(|built_from| built_from == sources)
        && dist.join("index.html.br").exists()
    {
        return Ok(dist);
    }

    check_node()?;
    start_over(web, copy).map_err(|error| format!("web/ cannot be copied ({error})"))?;
    // Nothing that a package brings along is run; a lock file with checksums says what is fetched.
    let install = "ci --ignore-scripts --include=dev --no-audit --no-fund --prefer-offline \
                   --fetch-retries=1 --fetch-retry-mintimeout=1000 --fetch-timeout=60000";
    let built = npm(copy, install).and_then(|()| npm(copy, "run build"));
    // 240 MB that nobody needs again; npm has them in its cache.
    let _ = fs::remove_dir_all(copy.join("node_modules"));
    built?;
    if !dist.join("index.html.br").exists() {
        return Err("the npm build made no page".to_owned());
    }
    fs::write(&stamp, sources).map_err(|error| format!("the build cannot be recorded ({error})"))?;
    Ok(dist)
}

fn check_node() -> Result<(), String> {
    let wanted = format!("Node {}.{} or newer", OLDEST_NODE.0, OLDEST_NODE.1);
    let asked =
        Command::new("node").arg("--version").output().map_err(|_| format!("{wanted} is not installed"))?;
    let version = String::from_utf8_lossy(&asked.stdout);
    let mut numbers =
        version.trim().trim_start_matches('v').split('.').map(|number| number.parse().unwrap_or(0));
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if found >= OLDEST_NODE {
        Ok(())
    } else {
        Err(format!("{wanted} is needed, and this is {}", version.trim()))
    }
}

/// Runs npm with its output in a file beside the copy, which a warning can name.
fn npm(folder: &Path, arguments: &str) -> Result<(), String> {
    let verb = arguments.split(' ').next().unwrap_or_default();
    let log = folder.with_file_name(format!("npm-{verb}.log"));
    let failed = |why: &str| format!("npm {verb} {why}; see {}", log.display());
    let run = || -> io::Result<Option<bool>> {
        let output = fs::File::create(&log)?;
        let mut child = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
            .args(arguments.split_whitespace())
            .current_dir(folder)
            .env("CI", "1")
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stderr(output.try_clone()?)
            .stdout(output)
            .spawn()?;
        let started = Instant::now();
        loop {
            if let Some(status) = child.try_wait()? {
                return Ok(Some(status.success()));
            }
            if started.elapsed() > PATIENCE {
                child.kill()?;
                child.wait()?;
                return Ok(None);
            }
            thread::sleep(Duration::from_millis(50));
        }
    };
    match run() {
        Ok(Some(true)) => Ok(()),
        Ok(Some(false)) => Err(failed("failed")),
        Ok(None) => Err(failed("took too long")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err("npm is not installed".to_owned()),
        Err(error) => Err(failed(&format!("did not run ({error})"))),
    }
}

/// An empty folder with a copy of the sources.
fn start_over(web: &Path, copy: &Path) -> io::Result<()> {
    if copy.exists() {
        fs::remove_dir_all(copy)?;
    }
    for file in source_files(web)? {
        let target = copy.join(&file);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(web.join(&file), target)?;
    }
    Ok(())
}

fn fingerprint(web: &Path) -> io::Result<String> {
    let mut hasher = DefaultHasher::new();
    for file in source_files(web)? {
        file.hash(&mut hasher);
        fs::read(web.join(&file))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// Every file of the sources, relative to `web`, in order.
fn source_files(web: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for source in SOURCES {
        if web.join(source).is_dir() {
            files.extend(files_below(web, Path::new(source))?);
        } else {
            files.push(PathBuf::from(source));
        }
    }
    Ok(files)
}

/// The files in a folder and its folders, relative to `root`, in order.
fn files_below(root: &Path, folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(root.join(folder))? {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            files.extend(files_below(root, &path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// The page that takes `GraphiQL`'s place.
fn substitute(folder: &Path, reason: &str) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    // The log's path is the builder's business, not the visitor's.
    let reason = reason.split(';').next().unwrap_or_default();
    let reason = reason.replace('&', "&amp;").replace('<', "&lt;");
    let page = format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Campanile – no GraphiQL in this build</title>
<link rel="icon" href="data:,">
<style>body {{ font: 1em/1.5 system-ui, sans-serif; margin: 4em auto; max-width: 40em }}</style>
</head>
<body>
<h1>GraphiQL was left out of this build</h1>
<p>{reason}.</p>
<p>To have it: install Node {}.{} or newer with npm, unset <code>CAMPANILE_WEB</code>, and build again with
the network at hand: <code>touch web/package.json &amp;&amp; cargo build</code>.</p>
<p>The API is here all the same: <code>POST /graphql</code>; <code>/graphql/ws</code> for subscriptions.</p>
</body>
</html>
"#,
        OLDEST_NODE.0, OLDEST_NODE.1
    );
    fs::write(folder.join("index.html"), page)?;
    Ok(folder.to_owned())
}

/// The source of a static named `ASSETS`, one element for every file.
fn table(dist: &Path) -> io::Result<String> {
    let files = files_below(dist, Path::new(""))?;
    let mut source = format!("static ASSETS: [Asset; {}] = [\n", files.len());
    for file in files {
        let full = dist.join(&file);
        let mut hasher = DefaultHasher::new();
        fs::read(&full)?.hash(&mut hasher);
        let name = file.to_string_lossy().replace('\\', "/");
        let (name, brotli) = name.strip_suffix(".br").map_or((name.as_str(), false), |plain| (plain, true));
        let _ = writeln!(
            source,
            "    Asset::new({name:?}, {:?}, {brotli}, \"{:016x}\", include_bytes!({:?})),",
            content_type(name),
            hasher.finish(),
            full.to_string_lossy(),
        );
    }
    source.push_str("];\n");
    Ok(source)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "ttf" => "font/ttf",
        "txt" => "text/plain; charset=utf-8",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
