# One image for `kodkod serve` and `kodkod worker`.
#
#   docker build --tag kodkod .
#   docker build --tag kodkod --build-arg EXTRAS= .      without sentence embeddings and PyTorch
#
# --build-arg PIP_EXTRA_INDEX_URL=... or PIP_FIND_LINKS=... name where CPU builds of PyTorch lie.

FROM node:20-bookworm-slim AS webui
WORKDIR /build/webui
COPY webui/package.json webui/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY webui ./
COPY docs/openapi.json /build/docs/openapi.json
RUN npm run build -- --outDir /build/static --emptyOutDir

FROM python:3.11-slim-bookworm AS wheels
RUN pip install --no-cache-dir build hatchling
WORKDIR /build
COPY pyproject.toml README.md LICENSE ./
COPY kernel kernel
COPY plugins plugins
COPY sdk sdk
COPY --from=webui /build/static kernel/src/kodkod/web/static
# Without the sources of the web UI the kernel's build takes the one that is there.
RUN for source in . kernel plugins/* sdk; do \
        python -m build --wheel --no-isolation --outdir /wheels "$source" || exit 1; \
    done

FROM python:3.11-slim-bookworm
ARG EXTRAS=[embeddings]
ARG PIP_EXTRA_INDEX_URL=
ARG PIP_FIND_LINKS=
COPY constraints.txt /tmp/constraints.txt
RUN --mount=type=bind,from=wheels,source=/wheels,target=/wheels \
    pip install --no-cache-dir --constraint /tmp/constraints.txt --find-links /wheels \
        "kodkod${EXTRAS} @ file://$(ls /wheels/kodkod-[0-9]*.whl)" \
        "kodkod-kernel[postgres,rabbitmq,redis] @ file://$(ls /wheels/kodkod_kernel-*.whl)"
RUN useradd --create-home --uid 1000 kodkod && install -d -o kodkod /data
USER kodkod
WORKDIR /data
VOLUME /data
EXPOSE 8400
ENV KODKOD_DATA_DIR=/data KODKOD_HOST=0.0.0.0 OMP_WAIT_POLICY=PASSIVE GOMP_SPINCOUNT=0
HEALTHCHECK --start-period=30s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8400/api/v1/health', timeout=5)"]
ENTRYPOINT ["kodkod"]
CMD ["serve"]
