# The studio in a container; see docs/studio.md.
FROM python:3.12-slim
COPY . /src
RUN pip install --no-cache-dir "/src[studio,hyphenation]" && rm -rf /src && useradd --create-home writer
USER writer
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
# the token comes from the environment: docker run -e HANDSYNTH_TOKEN=…
CMD ["handsynth", "studio", "--host", "0.0.0.0", "--port", "8000", "--no-browser"]
