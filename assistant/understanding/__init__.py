"""What a message asks for: its kind, its days, its papers, its language, what it leaves unsaid."""
