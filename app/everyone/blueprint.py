"""Addresses that belong to no single audience."""

from flask import Blueprint

bp = Blueprint("everyone", __name__)
