"""The verb between CDA and Delta: plan, then execute."""
