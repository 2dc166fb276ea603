# An electric bicycle with motor support up to 25 km/h. Each line is a rule; `#` starts a note.
# Speeds in km/h, times in seconds.
name e-bike
keys access vehicle bicycle
allow yes permissive designated official public
restrict private destination delivery customers permit residents
refuse no agricultural forestry military use_sidepath dismount restricted

road trunk 22
road trunk_link 20
road primary 22
road primary_link 20
road secondary 22
road secondary_link 20
road tertiary 22
road tertiary_link 20
road unclassified 21
road residential 20
road living_street 12
road service 16
road track 16
road road 18
road pedestrian 8
road cycleway 21
road footway 8
road path 14
road bridleway 10
road ferry 14
only-if-allowed footway pedestrian bridleway
unsnappable ferry trunk

bar area yes
bar impassable yes
bar motorroad yes
bar service emergency_access
bar mtb:scale 3
bar mtb:scale 4
bar mtb:scale 5
bar mtb:scale 6

cap service parking_aisle 10
cap surface cobblestone 10
cap surface unhewn_cobblestone 8
cap surface sett 13
cap surface unpaved 16
cap surface gravel 13
cap surface pebblestone 11
cap surface ground 13
cap surface dirt 13
cap surface earth 13
cap surface grass 8
cap surface sand 5
cap surface mud 5
cap tracktype grade3 15
cap tracktype grade4 11
cap tracktype grade5 8
cap smoothness bad 14
cap smoothness very_bad 9
cap smoothness horrible 5
cap smoothness very_horrible 4
cap smoothness impassable 1
restricted-speed 20

contraflow cycleway opposite
contraflow cycleway opposite_lane
contraflow cycleway opposite_track
contraflow cycleway:left opposite_lane
contraflow cycleway:both lane
contraflow cycleway:both track

delay highway traffic_signals 8
delay crossing traffic_signals 5
delay highway crossing 0.5
delay highway stop 3
delay railway level_crossing 4
delay barrier gate 8
delay barrier lift_gate 4
delay barrier swing_gate 8
delay barrier cycle_barrier 6
delay barrier bollard 1
delay barrier block 1
block barrier kissing_gate
block barrier stile
block barrier turnstile
block barrier full-height_turnstile
block barrier debris

turn-left 4
turn-right 2
u-turn 6
turn-restrictions yes
oneways yes
board 180
enter-restricted 20
