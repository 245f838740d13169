"""When the newest change that a table holds was made in the source's database."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lake_tables", sa.Column("change_ms", sa.BigInteger()))


def downgrade() -> None:
    with op.batch_alter_table("lake_tables") as batch:
        batch.drop_column("change_ms")
