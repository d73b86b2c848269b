"""What AWS accepts and what it refuses: limits and forms from its own documents, held to templates and to requests.

`limit` and `prose` read limits from botocore's service descriptions, `checks` holds the values of a call to them, and
`rules` adds what stands elsewhere in AWS's documents. The calls come from a `template`, whose `resources` and state
`machine` make them, or from the wire, where the `gate` stands.
"""
