/* Writing manual pages in mdoc(7): text, Markdown, and C headers. For make_pages only. */
#ifndef CNN_MANUAL_MDOC_H
#define CNN_MANUAL_MDOC_H

#include <stdbool.h>

/* Running text with `code` and **bold** in it, one sentence on each line as mdoc wants. */
void mdoc_text(const char *text);

/* The same as one line: the rest of a macro's line, for example. Without a line end. */
void mdoc_words(const char *text);

/* What is open in a page that is written from Markdown. Zero at first. */
typedef struct mdoc_markdown {
    bool literal;        /* between ``` and ``` */
    bool bullets;        /* in a list */
    bool table;          /* in a table, which becomes a list: the first cell names the others */
    int table_rows;      /* with the heading and the line below it, which are left out */
    bool quote;          /* in lines that are indented by four blanks */
    bool paragraph;      /* text precedes in the same paragraph or item */
    bool fresh;          /* the first thing in its section */
    const char *section; /* the macro for "## Heading": "Sh" or "Ss" */
} mdoc_markdown;

/* One line, without its end; NULL at the end of the text, which closes what is open. */
void mdoc_markdown_line(mdoc_markdown *m, const char *line);

/* A whole file. False: it cannot be read. */
bool mdoc_markdown_file(const char *path, const char *section);

/* A C header: comments at the margin are text, everything else is shown as it is. */
bool mdoc_header_file(const char *path);

#endif
