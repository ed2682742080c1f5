"""The nearest search space to a configuration of AutoRAG (https://github.com/Marker-Inc-Korea/AutoRAG).

`configuration` reads it, `counterparts` is the table of what stands for what, `pipeline` and `goals` apply the table,
and `page` writes the file. Whatever is lost or changed on the way is a remark with its line.
"""
