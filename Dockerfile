# syntax=docker/dockerfile:1
# One program that holds the site, on nothing but the libraries it needs: no shell, no package manager, not root.
#
#   docker build -t youtube-summarizer .
#
# deploy/image/prove.sh builds this file without a Docker engine and runs the result as its user.

# The Debian release is that of the libraries that go into the image.
ARG RUST_IMAGE=docker.io/library/rust:1.95-bookworm

FROM ${RUST_IMAGE} AS build
WORKDIR /source
RUN rustup target add wasm32-unknown-unknown
COPY . .
# The commit that is built, for `--version` and the metric of it: .git stays outside.
ARG YTSUM_COMMIT=unknown
ENV YTSUM_COMMIT=${YTSUM_COMMIT}
# Dependencies are compiled once: registry and target folder outlive the layer. What is copied out of them is all that stays.
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/source/target,sharing=locked \
    cargo xtask build --release \
    && deploy/image/root.sh target/dist/youtube-summarizer /image

# The whole image: the program, the C library it is linked with, certificates, and one user.
FROM scratch
COPY --from=build /image/ /
USER 65532:65532
WORKDIR /app
ENV BIND_ADDRESS=0.0.0.0 \
    PORT=5001 \
    DATA_DIR=/app/data \
    LOG_FORMAT=json \
    SHUTDOWN_DELAY=3
VOLUME ["/app/data", "/backups"]
EXPOSE 5001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["/usr/bin/youtube-summarizer", "healthcheck"]
ENTRYPOINT ["/usr/bin/youtube-summarizer"]
CMD ["serve"]
