# needs: sqlalchemy
import warnings

warnings.simplefilter("ignore")
from sqlalchemy import Column, ForeignKey, Integer, String, create_engine, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, declarative_base, relationship

Base = declarative_base()


class Author(Base):
    __tablename__ = "author"
    id = Column(Integer, primary_key=True)
    name = Column(String, unique=True)
    books = relationship("Book", back_populates="author", cascade="all, delete-orphan")


class Book(Base):
    __tablename__ = "book"
    id = Column(Integer, primary_key=True)
    title = Column(String)
    author_id = Column(ForeignKey("author.id"))
    author = relationship("Author", back_populates="books")


engine = create_engine("sqlite://", future=True)
Base.metadata.create_all(engine)
with Session(engine) as session:
    session.add_all([Author(name="Ann", books=[Book(title="A"), Book(title="B")]), Author(name="Bob", books=[Book(title="C")])])
    session.commit()
    rows = session.execute(select(Author.name, func.count(Book.id)).join(Book).group_by(Author.name).order_by(Author.name)).all()
    assert rows == [("Ann", 2), ("Bob", 1)], rows
    ann = session.execute(select(Author).where(Author.name == "Ann")).scalar_one()
    assert [b.title for b in ann.books] == ["A", "B"] and ann.books[0].author is ann
    session.delete(ann)
    session.commit()
    assert session.query(Book).count() == 1
    session.add(Author(name="Bob"))
    try:
        session.commit()
        raise SystemExit("no error")
    except IntegrityError:
        session.rollback()
