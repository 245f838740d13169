"""The tag of each table's newest commit file."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lake_tables", sa.Column("commit_tag", sa.String(length=128), nullable=True))


def downgrade() -> None:
    op.drop_column("lake_tables", "commit_tag")
