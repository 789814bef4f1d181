"""What nobody can learn by asking one thing after another (I-21, T-9): the same answers, the same work, and few of them."""
