# The server with GraphiQL, and the terminal client, in an image with nothing else that runs:
# `docker build --tag campanile .`
ARG DEBIAN=bookworm

FROM node:22-${DEBIAN}-slim AS node

FROM rust:1.95-slim-${DEBIAN} AS build
# For the C that is compiled in: SQLite, and the allocator.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends g++ make \
    && rm -rf /var/lib/apt/lists/*
# server/build.rs bundles GraphiQL's page with Node; the image that comes out has none.
COPY --from=node /usr/local/bin/node /usr/local/bin/
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
WORKDIR /source
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/root/.npm \
    --mount=type=cache,target=/source/target \
    cargo build --locked --release --bins -p campanile-server -p campanile \
    && install -D --target-directory=/out target/release/campanile-server target/release/campanile \
    && install --directory --mode=0700 /out/data
# A page that says that there is no GraphiQL is not what is wanted here.
RUN ! grep --quiet --text "GraphiQL was left out of this build" /out/campanile-server

# glibc, certificates and time zones, and a user who is nobody; no shell.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /out/campanile-server /out/campanile /usr/local/bin/
COPY --from=build /source/LICENSE-APACHE /source/LICENSE-MIT /usr/share/doc/campanile/
# SQLite's file and the secret, where nothing else is configured. Made beforehand, so that a volume belongs to the same user.
COPY --from=build --chown=nonroot:nonroot /out/data /var/lib/campanile
VOLUME /var/lib/campanile
ENV CAMPANILE_LISTEN=0.0.0.0:8080 CAMPANILE_DATA_DIR=/var/lib/campanile
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/campanile-server"]
