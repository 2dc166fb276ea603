# A light truck: 3.2 m high, 2.3 m wide, 7 m long, 7 t laden. Each line is a rule; `#` starts a note. Speeds in km/h, times in
# seconds, lengths in metres, weights in tonnes.
name light-truck

# Access keys from the weakest to the strongest, and what their values mean.
keys access vehicle motor_vehicle goods hgv
allow yes permissive designated official public hov
restrict private destination delivery customers permit residents
refuse no agricultural forestry emergency psv bus taxi military restricted use_sidepath discouraged dismount

# Usable kinds of road with the speed one makes on them where no limit is signed.
road motorway 82
road motorway_link 45
road trunk 74
road trunk_link 40
road primary 56
road primary_link 32
road secondary 49
road secondary_link 27
road tertiary 37
road tertiary_link 22
road unclassified 24
road residential 22
road living_street 9
road service 12
road track 12
road road 20
road ferry 14

# No place is reached from these.
unsnappable motorway motorway_link ferry

# Signed limits, and the share of them one makes on average.
limits maxspeed maxspeed:motor_vehicle maxspeed:goods maxspeed:hgv
limit-share 0.76

# What it cannot make however high the limit.
cap highway motorway 88
cap highway trunk 82

# Its measures against the signs.
size maxheight 3.2
size maxwidth 2.3
size maxlength 7
size maxweight 7
size maxweightrating 7

# A way with one of these tags is not for this vehicle.
bar area yes
bar impassable yes
bar service emergency_access
bar oneway reversible
bar hov designated

# Upper bounds by tag.
cap service driveway 10
cap service parking_aisle 10
cap service drive-through 6
cap service alley 10
cap surface cobblestone 25
cap surface unhewn_cobblestone 15
cap surface sett 35
cap surface paving_stones 45
cap surface compacted 50
cap surface fine_gravel 45
cap surface unpaved 35
cap surface gravel 35
cap surface pebblestone 25
cap surface ground 25
cap surface dirt 25
cap surface earth 25
cap surface grass 15
cap surface sand 12
cap surface mud 8
cap tracktype grade1 40
cap tracktype grade2 30
cap tracktype grade3 20
cap tracktype grade4 12
cap tracktype grade5 8
cap smoothness intermediate 60
cap smoothness bad 30
cap smoothness very_bad 15
cap smoothness horrible 8
cap smoothness very_horrible 5
cap smoothness impassable 1
# One who drives in where only residents, customers or deliveries may.
restricted-speed 20

# Waiting at points on the way.
delay highway traffic_signals 4
delay crossing traffic_signals 3
delay highway crossing 0.5
delay highway stop 3
delay highway give_way 1
delay railway level_crossing 4
delay traffic_calming * 1.5
delay barrier gate 15
delay barrier lift_gate 8
delay barrier swing_gate 15
delay barrier toll_booth 12
delay barrier border_control 60
delay ford yes 10

# Points that stop this vehicle unless an access tag lets it through.
block barrier bollard
block barrier block
block barrier jersey_barrier
block barrier cycle_barrier
block barrier motorcycle_barrier
block barrier kissing_gate
block barrier stile
block barrier turnstile
block barrier full-height_turnstile
block barrier hampshire_gate
block barrier horse_stile
block barrier log
block barrier debris
block barrier chain
block barrier rope
block barrier planter
block barrier bus_trap
block barrier sump_buster

# Turning: full cost of a sharp turn, reached at 130°, none below 35°.
turn-left 9.5
turn-right 8.0
u-turn 45
turn-restrictions yes
oneways yes
board 300
enter-restricted 30
