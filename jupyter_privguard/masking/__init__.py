"""What is done to a value. Knows neither why a column is sensitive nor who may see it."""
