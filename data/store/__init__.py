"""Accounts of many articles, kept in a database, and which of them tell of one incident."""
