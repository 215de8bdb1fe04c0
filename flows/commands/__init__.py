"""The commands of `cleancopy`, by what they work on: a run, one document, a clean folder."""
