"""What changed, noted by every writer, so that servers tell their readers."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("connection", sa.String(128)),
        sa.Column("name", sa.String(256)),
    )


def downgrade() -> None:
    op.drop_table("changes")
