# The command alone, for scanning a folder that is mounted at /src:
#   docker build --tag ecs-preflight . && docker run --rm --network none --volume "$PWD:/src:ro" ecs-preflight
FROM python:3.12-slim-bookworm AS build
WORKDIR /build
COPY requirements requirements
RUN python -m venv /opt/ecs-preflight \
    && /opt/ecs-preflight/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/runtime.txt
COPY setup.cfg pyproject.toml README.md LICENSE NOTICE ./
COPY docs/rules docs/rules
COPY ecs_preflight ecs_preflight
RUN /opt/ecs-preflight/bin/pip install --no-cache-dir --no-index --no-deps --no-build-isolation .

FROM python:3.12-slim-bookworm
COPY --from=build /opt/ecs-preflight /opt/ecs-preflight
RUN useradd --create-home --uid 10001 ecs
USER 10001
WORKDIR /src
ENTRYPOINT ["/opt/ecs-preflight/bin/ecs-preflight"]
CMD ["."]
