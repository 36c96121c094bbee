"""The studio: a local web page to play on, and an HTTP API under /v1 to build on.

requests.py     what may be asked for, as pydantic models (and so as OpenAPI)
hands.py        the hand that a request asks for
jobs.py         a request to a file: calls of the library, nothing else
job_queue.py    how many jobs run and wait at a time, and how long
guard.py        who may ask: host, origin, token, sizes, counts; headers of every answer
connections.py  connections that say nothing are closed
app.py          all of it as one ASGI application
serve.py        that application on a port
static.py       the page and the model as files for any static host
page/           the page, as built from web/
"""
