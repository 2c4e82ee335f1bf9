"""Papers in, ranked passages out; knows no language model that writes."""
