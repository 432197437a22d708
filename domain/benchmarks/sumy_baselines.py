#!/usr/bin/env python3
"""Scores every algorithm of sumy, and summaries kept by `--example qmsum -- FOLDER --write OURS`, with Google's rouge-score.

    python3 -m venv venv && venv/bin/pip install sumy rouge-score
    venv/bin/python domain/benchmarks/sumy_baselines.py FOLDER [--ours OURS] [--words 110]

FOLDER holds meetings in QMSum's format. All algorithms of sumy get the same sentences and its own list of stop words, and
each fills the same number of words: its best sentence that still fits, then the next. Nothing is installed or downloaded here.
"""
import argparse
import json
import random
import re
import sys
import time
import warnings
from pathlib import Path

try:
    from rouge_score import rouge_scorer
    from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence
    from sumy.nlp.stemmers import Stemmer
    from sumy.summarizers import _summarizer
    from sumy.summarizers.edmundson import EdmundsonSummarizer
    from sumy.summarizers.kl import KLSummarizer
    from sumy.summarizers.lex_rank import LexRankSummarizer
    from sumy.summarizers.lsa import LsaSummarizer
    from sumy.summarizers.luhn import LuhnSummarizer
    from sumy.summarizers.random import RandomSummarizer
    from sumy.summarizers.reduction import ReductionSummarizer
    from sumy.summarizers.sum_basic import SumBasicSummarizer
    from sumy.summarizers.text_rank import TextRankSummarizer
    from sumy.utils import get_stop_words
except ImportError as error:
    sys.exit(f"{error}: `pip install sumy rouge-score` into an environment of your own, and run this with its Python")


class Words:
    """sumy's own tokenizer needs a download; words are words."""

    def to_words(self, text):
        return tuple(re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text))


class FirstKL(KLSummarizer):
    """sumy ranks all sentences, in cubic time: the first hundred are as many as any summary here takes."""

    picks = 0

    def __call__(self, document, count):
        self.picks = 0
        return super().__call__(document, count)

    def _find_index_of_best_sentence(self, kls):
        self.picks += 1
        return kls.index(min(kls))

    def _joint_freq(self, *words):
        return super()._joint_freq(*words) if self.picks < 100 else {}


def sentences(meeting):
    for turn in meeting["meeting_transcripts"]:
        text = " ".join(turn["content"].split())
        for sentence in re.split(r"(?<=[.!?])\s+", text):
            if re.search(r"\w", sentence):
                yield sentence


def fill(words):
    def best(self, sentences, count, rating, *args, **kwargs):
        rate = (lambda s: rating[s]) if isinstance(rating, dict) else lambda s: rating(s, *args, **kwargs)
        ranked = sorted(((rate(s), -i, s) for i, s in enumerate(sentences)), key=lambda r: r[:2], reverse=True)
        left, taken = words, []
        for _, at, sentence in ranked:
            length = len(str(sentence).split())
            if length <= left:
                left -= length
                taken.append((-at, sentence))
        return tuple(sentence for _, sentence in sorted(taken, key=lambda t: t[0]))

    return best


def summarizers():
    stop, stemmer = get_stop_words("english"), Stemmer("english")
    kinds = {
        "LexRank": LexRankSummarizer, "TextRank": TextRankSummarizer, "LSA": LsaSummarizer, "Luhn": LuhnSummarizer,
        "KL": FirstKL, "SumBasic": SumBasicSummarizer, "Reduction": ReductionSummarizer, "Random": RandomSummarizer,
    }
    for name, kind in kinds.items():
        one = kind(stemmer)
        one.stop_words = stop
        yield name, lambda document, one=one: one(document, len(document.sentences))
    edmundson = EdmundsonSummarizer(stemmer)
    edmundson.bonus_words = ["important", "decided", "discussed", "agreed", "main", "conclusion"]
    edmundson.stigma_words = ["yeah", "okay", "um", "uh", "hmm"]
    edmundson.null_words = stop
    yield "Edmundson", lambda document: edmundson(document, len(document.sentences))


def main():
    random.seed(1)
    warnings.simplefilter("ignore")
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--ours", type=Path)
    arguments.add_argument("--words", type=int, default=110)
    arguments = arguments.parse_args()
    _summarizer.AbstractSummarizer._get_best_sentences = fill(arguments.words)
    meetings = []
    for path in sorted(arguments.folder.glob("*.json")):
        meeting = json.loads(path.read_text(encoding="utf-8"))
        words = Words()
        document = ObjectDocumentModel([Paragraph([Sentence(s, words) for s in sentences(meeting)])])
        meetings.append((path.stem, document, meeting["general_query_list"][0]["answer"]))
    if not meetings:
        sys.exit(f"no meetings in {arguments.folder}")
    kinds = ["rouge1", "rouge2", "rougeL"]
    scorer = rouge_scorer.RougeScorer(kinds, use_stemmer=True)

    def report(name, summarize):
        sums, count, started = [0.0] * 3, 0, time.time()
        for meeting in meetings:
            summary = summarize(meeting)
            count += len(summary.split())
            scores = scorer.score(meeting[2], summary)
            sums = [total + 100 * scores[kind].fmeasure for total, kind in zip(sums, kinds)]
        seconds = time.time() - started
        scores = "".join(f"{total / len(meetings):8.2f}" for total in sums)
        print(f"{name:<24}{scores}{count / len(meetings):8.1f}{1000 * seconds / len(meetings):10.0f}", flush=True)

    print(f"{len(meetings)} meetings, at most {arguments.words} words, F1 in per cent, rouge-score with its stemmer")
    print(f"{'':<24}{'R1':>8}{'R2':>8}{'RL':>8}{'words':>8}{'ms each':>10}")
    for name, summarize in summarizers():
        report(f"sumy {name}", lambda meeting: "\n".join(map(str, summarize(meeting[1]))))
    if arguments.ours:
        endings = sorted({path.name.split(".", 1)[1] for path in arguments.ours.glob("*.txt")})
        for ending in endings:
            read = lambda meeting: (arguments.ours / f"{meeting[0]}.{ending}").read_text(encoding="utf-8")
            report(f"ours, {ending.removesuffix('.txt').lower()}", read)


if __name__ == "__main__":
    main()
