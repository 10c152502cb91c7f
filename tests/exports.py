"""Exports of other systems, written for the tests: small, whole, and as strange as real ones."""

import sqlite3
from contextlib import closing
from pathlib import Path
from xml.sax.saxutils import escape


def wordpress(path: Path, *items: str, version: str = "1.2", before: str = "") -> Path:
    """Write a WXR file of these items."""
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8" ?>\n{before}'
        '<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:atom="http://www.w3.org/2005/Atom"'
        f' xmlns:wp="http://wordpress.org/export/{version}/">\n<channel>\n'
        '<title>The old site</title>\n<atom:link href="https://old.example/feed/" />\n'
        "<link>https://old.example</link>\n"
        "<wp:base_blog_url>https://old.example</wp:base_blog_url>\n"
        f"{''.join(items)}</channel>\n</rss>\n",
        encoding="utf-8",
    )
    return path


def wordpress_item(slug: str, *comments: str, title: str = "A post", link: str = "") -> str:
    return (
        f"<item>\n<title>{title}</title>\n"
        f"<link>{link or f'https://old.example/2012/05/{slug}/'}</link>\n"
        '<guid isPermaLink="false">https://old.example/?p=7</guid>\n'
        "<content:encoded><![CDATA[<p>The post.</p>]]></content:encoded>\n"
        f"<wp:post_id>7</wp:post_id>\n<wp:post_name><![CDATA[{slug}]]></wp:post_name>\n"
        f"<wp:post_type>post</wp:post_type>\n{''.join(comments)}</item>\n"
    )


def wordpress_comment(number: int, body: str = "Words.", **fields: object) -> str:
    """Return a comment's element; ``fields`` without the "comment_" before their names."""
    values = {
        "id": number,
        "author": f"Reader {number}",
        "author_email": "",
        "author_url": "",
        "author_IP": "192.0.2.7",
        "date": "2012-05-01 14:00:00",
        "date_gmt": f"2012-05-01 12:{number % 60:02}:00",
        "content": body,
        "approved": "1",
        "type": "comment",
        "parent": 0,
        "user_id": 0,
        **fields,
    }
    inside = "".join(
        f"<wp:comment_{name}><![CDATA[{value}]]></wp:comment_{name}>\n"
        for name, value in values.items()
    )
    meta = "<wp:commentmeta><wp:meta_key>akismet</wp:meta_key></wp:commentmeta>\n"
    return f"<wp:comment>\n{inside}{meta}</wp:comment>\n"


def disqus(path: Path, *elements: str) -> Path:
    """Write an export of Disqus of these threads and posts."""
    path.write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n<disqus xmlns="http://disqus.com"'
        ' xmlns:dsq="http://disqus.com/disqus-internals">\n'
        '<category dsq:id="1"><forum>old</forum><title>General</title></category>\n'
        f"{''.join(elements)}</disqus>\n",
        encoding="utf-8",
    )
    return path


def disqus_thread(number: int, link: str, *, identifier: str = "") -> str:
    return (
        f'<thread dsq:id="{number}">\n<id>{escape(identifier)}</id>\n<forum>old</forum>\n'
        f"<link>{escape(link)}</link>\n<title>Thread {number}</title>\n"
        "<author><name>Owner</name><email>owner@old.example</email></author>\n"
        "<isDeleted>false</isDeleted></thread>\n"
    )


def disqus_post(number: int, thread: int, message: str = "<p>Words.</p>", **fields: object) -> str:
    values = {"isDeleted": "false", "isSpam": "false", "createdAt": "2012-05-01T12:00:00Z"}
    values |= {name: value for name, value in fields.items() if name not in ("parent", "author")}
    name, email = fields.get("author", (f"Reader {number}", ""))
    inside = "".join(f"<{name}>{value}</{name}>\n" for name, value in values.items())
    parent = f'<parent dsq:id="{fields["parent"]}" />\n' if "parent" in fields else ""
    return (
        f'<post dsq:id="{number}">\n<id></id>\n<message><![CDATA[{message}]]></message>\n{inside}'
        f"<author><name>{name}</name><email>{email}</email><isAnonymous>true</isAnonymous>"
        f'</author>\n<ipAddress>192.0.2.7</ipAddress>\n<thread dsq:id="{thread}" />\n{parent}'
        "</post>\n"
    )


def isso(path: Path, threads: dict[int, str], comments: list[dict]) -> Path:
    """Write a database of Isso: the addresses of its threads, and comments."""
    with closing(sqlite3.connect(path)) as file:
        file.executescript(
            "CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR(256) UNIQUE,"
            " title VARCHAR(256));"
            "CREATE TABLE comments (tid REFERENCES threads(id), id INTEGER PRIMARY KEY,"
            " parent INTEGER, created FLOAT NOT NULL, modified FLOAT, mode INTEGER,"
            " remote_addr VARCHAR, text VARCHAR, author VARCHAR, email VARCHAR, website VARCHAR,"
            " likes INTEGER DEFAULT 0, dislikes INTEGER DEFAULT 0, voters BLOB NOT NULL,"
            " notification INTEGER DEFAULT 0);"
        )
        for number, uri in threads.items():
            file.execute("INSERT INTO threads VALUES (?, ?, ?)", (number, uri, f"Thread {number}"))
        for comment in comments:
            row = {
                "tid": 1, "parent": None, "created": 1335873600.25 + comment["id"],
                "modified": None, "mode": 1, "remote_addr": "192.0.2.0", "text": "Words.",
                "author": f"Reader {comment['id']}", "email": None, "website": None,
                "likes": 0, "dislikes": 0, "voters": b"", **comment,
            }  # fmt: skip
            marks = ", ".join("?" * len(row))
            file.execute(
                f"INSERT INTO comments ({', '.join(row)}) VALUES ({marks})", list(row.values())
            )
        file.commit()
    return path
