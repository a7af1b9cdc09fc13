"""Afterchat: what a chatbot campaign leaves behind, kept exactly as long as promised."""
