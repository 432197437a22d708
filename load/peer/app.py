"""A stand-in for the predecessor, a Flask app whose library is one JSON file.

Written from a description of what it does, not from its code: each worker holds the whole summary_cache.json in memory; a page of the
library is made by building and sorting the list of all summaries and cutting the page out of it; the search looks for the typed words as one
string in every title and summary and answers with all that fit. With CACHE=file the file is read again for each of these requests, as it
must be where other workers write it. The libraries that it speaks to Google, OpenAI and YouTube with are imported, for their memory, and not
used: no model, no YouTube, no login.

    python app.py make FILE COUNT      writes a summary_cache.json
    gunicorn --workers 4 app:app       serves the one that SUMMARY_CACHE names
"""

import json
import math
import os
import random
import sys
from datetime import datetime, timedelta, timezone

import google.cloud.texttospeech  # noqa: F401
import google.generativeai  # noqa: F401
import googleapiclient.discovery  # noqa: F401
import openai  # noqa: F401
import youtube_transcript_api  # noqa: F401
from flask import Flask, jsonify, render_template, request

app = Flask(__name__)


def read():
    with open(os.environ["SUMMARY_CACHE"], encoding="utf-8") as file:
        return json.load(file)


held = read() if os.environ.get("SUMMARY_CACHE") and os.environ.get("CACHE") != "file" else None


def newest_first():
    cache = held if held is not None else read()
    summaries = [
        {
            "type": "video",
            "video_id": video_id,
            "title": entry["title"],
            "thumbnail_url": entry["thumbnail_url"],
            "summary": entry["summary"],
            "summarized_at": entry.get("summarized_at"),
            "video_url": entry.get("video_url") or f"https://www.youtube.com/watch?v={video_id}",
            "error": None,
        }
        for video_id, entry in cache.items()
    ]
    summaries.sort(key=lambda summary: summary["summarized_at"], reverse=True)
    return summaries


def page_of(summaries):
    page = max(1, request.args.get("page", 1, type=int))
    per_page = min(100, max(1, request.args.get("per_page", 10, type=int)))
    start = (page - 1) * per_page
    return {
        "summaries": summaries[start : start + per_page],
        "total": len(summaries),
        "page": page,
        "per_page": per_page,
        "total_pages": math.ceil(len(summaries) / per_page),
    }


@app.get("/")
def home():
    return render_template("home.html", models=["gemini-2.5-flash", "gemini-2.5-pro", "gpt-5", "gpt-5-mini", "gpt-4o", "gpt-4o-mini"])


@app.get("/get_cached_summaries")
def cached():
    return jsonify(page_of(newest_first()))


@app.get("/library")
def library():
    """What the predecessor's script makes of the answer above in the browser, made on the server."""
    return render_template("library.html", **page_of(newest_first()))


@app.get("/search_summaries")
def search():
    typed = request.args.get("q", "").strip().lower()
    if not typed:
        return jsonify({"error": "Search query is required"}), 400
    return jsonify(
        [
            summary
            for summary in newest_first()
            if typed in summary["title"].lower() or typed in summary["summary"].lower()
        ]
    )


def make(path, count):
    chance = random.Random(1)

    def words(n):
        return " ".join(f"w{math.floor(math.exp(chance.random() * math.log(20000)))}" for _ in range(n))

    now = datetime.now(timezone.utc)
    cache = {
        f"v{n}": {
            "title": words(6),
            "summary": words(300),
            "thumbnail_url": f"https://i.ytimg.com/vi/v{n}/hqdefault.jpg",
            "summarized_at": (now - timedelta(minutes=n)).isoformat(),
            "audio_filename": f"{chance.getrandbits(256):064x}.mp3",
            "video_url": f"https://www.youtube.com/watch?v=v{n}",
        }
        for n in range(1, count + 1)
    }
    with open(path, "w", encoding="utf-8") as file:
        json.dump(cache, file, indent=2)


if __name__ == "__main__":
    make(sys.argv[2], int(sys.argv[3]))
