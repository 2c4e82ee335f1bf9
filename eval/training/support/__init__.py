"""Training the scorer of support: `python -m eval.training.support --data FOLDER`."""
