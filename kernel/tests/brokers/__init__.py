"""The embedded broker, and the contract that it shares with RabbitMQ and Redis."""
