"""How a model is made: recipes, baseline, network, fine-tuning, export, evaluation."""
