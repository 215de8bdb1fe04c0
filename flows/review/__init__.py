"""The review page: a static site in CLEAN/_review that shows what was removed from an archive, document by document,
and collects what people say is wrong with it.
"""
