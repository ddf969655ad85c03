"""Ordinary words that are also names. On their own they are no reason to mask a text.

Compiled for this project: English words of five letters or more that often stand in name columns.
"""

from __future__ import annotations

__all__ = ["COMMON_WORDS"]

COMMON_WORDS = frozenset(
    """
    abbey amber angel april archer august austin autumn baker banks barber baron beach berry bishop
    black blake booth brand brave bridge brook brooks brown burns butcher butler camp carpenter
    carter castle chance charity chase chavez cherry chester christian clark clay cliff cloud coach
    constant cooper coral court cross crystal curry daisy dallas david denver diamond dollar
    drake early earth eaton eighth faith field fields first fisher flint flower flowers forest forrest
    foster fowler frank franklin french friend frost gardner german glass glory golden grace grant
    graves green harbor hardy harvest haven hazel heath heather highland holly honor hooker hopes
    house houston hudson hunter ireland israel ivory jacket jackson jasmine jewel jordan joyce judge
    justice knight ladies lance laurel lawyer lemon liberty light lilac lincoln little london lords
    lovely magnus major maple march marine market marsh mason masters melody mercy miles miller
    mills monday moody moore moral mountain noble north olive orange orchard other owner paige paris
    parish parks patience pearl penny piper pleasant point pollock pools pope porter potter pound
    powder power powers price priest prince prior pride proper provost queen quick raven reason
    reeves regal richer rivers robin romeo rosemary royal ruler sadler sailor saint sandy savage
    school scott season senior series seven sharp shepherd silver singer small smart smith snow
    sommer south spark sparks speaker spice spring square stark steel sterling stone storm strange
    street strong summer summers sunday swift sydney taylor temple tender thorn tiger tower towns
    treasure trinity truth turner valley value venus victor victory violet virgin virginia wagner
    walker walls waters weaver wells wheeler white whites wilde winter winters wiser woods world
    worth wright write young short shorts
    active former never normal none other unknown value values widow single married divorced test
    """.split()
)
