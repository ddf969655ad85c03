"""Other people's tools that the guard hands its verdicts to; each is imported when it is first used."""
