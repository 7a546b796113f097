"""Tells what happens in a project to other servers and to chats."""
