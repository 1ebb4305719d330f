"""A country that is made at once: few of everything, and nothing left out."""

from demo.country.scale import Scale

SMALL = Scale(catchments=6, unserved=1, services=4, schools=12, staff=60, managers=16, investigators=2)
