# syntax=docker/dockerfile:1
# The image that web, worker, sequencer, examiner, witness and one-off commands run from. No container engine runs on the authors'
# machine: tests/integration/contactpoint/test_image.py runs every step of this file without one, and says what it replaces.

FROM node:24-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY assets assets
RUN mkdir -p static/build && npm run build

FROM python:3.12-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=contactpoint.settings.production
WORKDIR /service
COPY requirements.lock .
# What the lock names, and nothing looked up beside it (docs/adr/0019). There is no compiler here, and with this Python
# every package has a wheel.
RUN pip install --no-cache-dir --no-deps --require-hashes --only-binary=:all: --requirement requirements.lock \
    && pip check
COPY . .
COPY --from=assets /build/static/build static/build
RUN DJANGO_SETTINGS_MODULE=contactpoint.settings.static python manage.py collectstatic --noinput --verbosity=0

# Secrets come as files in /run/secrets, one for each variable, so that they are in no image, command line or listing
# of containers; the program finds them in its environment alone.
COPY --chmod=755 <<'EOF' /entrypoint
#!/bin/sh
set -eu
for file in /run/secrets/*; do
  [ -f "$file" ] && export "$(basename "$file" | tr '[:lower:]' '[:upper:]')=$(cat "$file")"
done
exec "$@"
EOF
RUN useradd --system --uid 10001 --no-create-home --shell /bin/false service \
    && mkdir -p /keys/web /keys/sign_in /keys/worker /keys/sequencer /keys/examiner /publication /breached /witness \
    && chown -R service /keys /publication /breached /witness \
    && chmod -R 700 /keys /witness && chmod 755 /publication /breached
USER service
ENTRYPOINT ["/entrypoint"]
EXPOSE 8000
CMD ["gunicorn", "contactpoint.wsgi:application", "--bind=0.0.0.0:8000", "--workers=2", "--threads=4", \
     "--worker-class=gthread", "--worker-tmp-dir=/dev/shm", "--no-control-socket"]
