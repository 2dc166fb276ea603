# A walker. Each line is a rule; `#` starts a note. Speeds in km/h, times in seconds.
name foot
keys access foot
allow yes permissive designated official public
restrict private destination delivery customers permit residents
refuse no agricultural forestry military use_sidepath restricted

road trunk 4.6
road trunk_link 4.6
road primary 4.8
road primary_link 4.8
road secondary 4.8
road secondary_link 4.8
road tertiary 5
road tertiary_link 5
road unclassified 5
road residential 5
road living_street 5
road service 5
road track 4.8
road road 5
road pedestrian 5
road cycleway 4.8
road footway 5
road path 4.5
road bridleway 4.5
road steps 2
road ferry 14
unsnappable ferry trunk

bar impassable yes
bar motorroad yes
bar sac_scale alpine_hiking
bar sac_scale demanding_alpine_hiking
bar sac_scale difficult_alpine_hiking
cap sac_scale mountain_hiking 3.5
cap sac_scale demanding_mountain_hiking 2.5
cap surface sand 3.5
cap surface mud 3

delay highway traffic_signals 15
delay crossing traffic_signals 15
delay railway level_crossing 5
delay barrier gate 4
delay barrier kissing_gate 5
delay barrier stile 8
delay barrier turnstile 4
block barrier debris

u-turn 0
turn-restrictions no
oneways no
board 120
