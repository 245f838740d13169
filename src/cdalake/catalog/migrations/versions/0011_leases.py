"""Which server does what, and which one has the keys of a run."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leases",
        sa.Column("subject", sa.String(length=256), nullable=False),
        sa.Column("holder", sa.String(length=400), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("subject"),
    )
    op.add_column("runs", sa.Column("keys_with", sa.String(length=400), nullable=True))


def downgrade() -> None:
    op.drop_column("runs", "keys_with")
    op.drop_table("leases")
