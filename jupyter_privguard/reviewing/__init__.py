"""May a model's output leave? Fields, scores, echoes and settings of a deployment, judged before it is released."""
