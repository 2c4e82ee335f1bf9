"""The digest: what the papers of some days say, by topic, every sentence cited and checked."""
