"""A run as a program of its own, to be killed: `python killed.py RAW CLEAN`."""

import sys
from pathlib import Path

from flows.clean_articles import clean_articles

if __name__ == "__main__":
    clean_articles(Path(sys.argv[1]), Path(sys.argv[2]), workers=2)
