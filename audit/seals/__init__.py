"""What makes the record provable: canonical JSON, salted hashes, Merkle roots, signed seals, and what checks them."""
