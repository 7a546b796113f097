"""The checks of `kodkod doctor`: each looks at one thing, and says what to mend."""
