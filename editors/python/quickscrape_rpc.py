"""A client of QuickScrape Jobs: it starts `quickscrape rpc` and calls its methods.

    with QuickScrape() as jobs:
        for job in jobs.call("list_jobs", status="failed")["jobs"]:
            print(job["job_id"], job["last_run"])

It needs Python 3.9 and nothing but the standard library. Calls may come from several threads.
"""

import itertools
import json
import queue
import subprocess
import threading


class QuickScrapeError(Exception):
    """The server refused a call. `code` is a word such as `job_not_found`, `hint` says what to do next."""

    def __init__(self, error):
        super().__init__(error["message"])
        data = error.get("data", {})
        self.code = data.get("code")
        self.field = data.get("field")
        self.hint = data.get("hint")


class QuickScrape:
    """One server. `on_change` is called with (name, params) for each change, in a thread of its own."""

    def __init__(self, command=("quickscrape", "rpc"), on_change=None):
        self._process = subprocess.Popen(
            list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self._ids = itertools.count(1)
        self._waiting = {}
        self._lock = threading.Lock()
        self._on_change = on_change
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        if on_change is not None:
            self.call("subscribe")

    def call(self, method, /, **params):
        """The result of a method. Raises QuickScrapeError, or ConnectionError when the server has ended."""
        answer = queue.SimpleQueue()
        with self._lock:
            if not self._reader.is_alive():
                raise ConnectionError("quickscrape rpc has ended")
            number = next(self._ids)
            self._waiting[number] = answer
            request = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        message = answer.get()
        if message is None:
            raise ConnectionError("quickscrape rpc has ended")
        if "error" in message:
            raise QuickScrapeError(message["error"])
        return message["result"]

    def close(self):
        """Ends the server. Runs that it started continue."""
        self._process.stdin.close()
        self._process.wait()
        self._reader.join()
        self._process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _read(self):
        for line in self._process.stdout:
            message = json.loads(line)
            if "id" in message:
                self._waiting.pop(message["id"]).put(message)
            elif self._on_change is not None:
                self._on_change(message["method"], message["params"])
        for answer in list(self._waiting.values()):
            answer.put(None)
