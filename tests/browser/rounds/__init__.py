"""Every page of the product for everybody who may see it.

`routes` says which page an address belongs to, `walking` finds pages by their links, `schools` opens schools,
`places` is the list of what is there, `states` brings pages into further states, `sights` looks at them in a browser.
"""
