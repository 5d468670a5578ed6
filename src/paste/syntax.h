/* The subset of Python that networks are written in, as a tree. */
#ifndef CNN_PASTE_SYNTAX_H
#define CNN_PASTE_SYNTAX_H

#include "paste/token.h"

typedef enum cnn_syntax {
    /* expressions */
    CNN_SYNTAX_INT,
    CNN_SYNTAX_FLOAT,
    CNN_SYNTAX_STRING, /* flag: f"..."; op 'r': r"..."; a: the string beside it, or NULL */
    CNN_SYNTAX_NAME,
    CNN_SYNTAX_NONE,
    CNN_SYNTAX_BOOL,      /* number: 0 or 1 */
    CNN_SYNTAX_TUPLE,     /* a: the first element */
    CNN_SYNTAX_LIST,      /* the same */
    CNN_SYNTAX_DICT,      /* a: the first pair */
    CNN_SYNTAX_PAIR,      /* a: key; b: value */
    CNN_SYNTAX_CALL,      /* a: what is called; b: the first argument */
    CNN_SYNTAX_ARGUMENT,  /* text: its name, if any; a: value; flag: *value; number 2: **value */
    CNN_SYNTAX_ATTRIBUTE, /* a: object; text */
    CNN_SYNTAX_INDEX,     /* a: object; b: index */
    CNN_SYNTAX_SLICE,     /* a, b, c: from, to, step; may be NULL */
    CNN_SYNTAX_BINARY,    /* op; a, b */
    CNN_SYNTAX_UNARY,     /* op: '-', '+', '~', 'n' for not; a */
    CNN_SYNTAX_COMPARE,   /* op, as a token, 'i' in, 'I' not in, 's' is, 'S' is not; a, b */
    CNN_SYNTAX_AND,       /* a, b */
    CNN_SYNTAX_OR,        /* a, b */
    CNN_SYNTAX_CHOICE,    /* a if b else c */
    CNN_SYNTAX_EACH,      /* a for b in c; a PAIR makes a dictionary; flag: []; d: what follows */
    CNN_SYNTAX_WHEN,      /* if a, in a comprehension; d: what follows, a WHEN or a further EACH */
    CNN_SYNTAX_NAMED,     /* (a := b) */
    CNN_SYNTAX_LAMBDA,    /* a: the first parameter; b: a return */
    /* statements */
    CNN_SYNTAX_EXPRESSION, /* a */
    CNN_SYNTAX_ASSIGN,     /* a: the first target; b: value; flag: with a type, a: int = 3 */
    CNN_SYNTAX_TYPED,      /* a: int */
    CNN_SYNTAX_CHANGE,     /* a op= b */
    CNN_SYNTAX_IF,         /* a: condition; b: body; c: else */
    CNN_SYNTAX_FOR,        /* a: target; b: body; c: sequence; d: else */
    CNN_SYNTAX_WHILE,      /* a: condition; b: body; d: else */
    CNN_SYNTAX_WITH,       /* b: body; also of a try; c: its else; d: its finally */
    CNN_SYNTAX_ASSERT,     /* a: condition, or NULL */
    CNN_SYNTAX_SCOPE,      /* a: names; flag: global, not nonlocal */
    CNN_SYNTAX_YIELD,      /* a: value, or NULL; flag: from */
    CNN_SYNTAX_RETURN,     /* a: value, or NULL */
    CNN_SYNTAX_FUNCTION,   /* text; a: the first parameter; b: body; d: decorators; op: one of them;
                                flag: a generator */
    CNN_SYNTAX_PARAMETER,  /* text; a: default, or NULL; number: stars */
    CNN_SYNTAX_CLASS, /* text; a: the first base, an argument; b: body; d, op: as of functions */
    CNN_SYNTAX_PASS,
    CNN_SYNTAX_BREAK,
    CNN_SYNTAX_CONTINUE,
    CNN_SYNTAX_SKIPPED, /* text: its first word; it does nothing here (import) */
    CNN_SYNTAX_DELETE,
    CNN_SYNTAX_REFUSED,   /* text: its first word; an error when it is reached (while, raise) */
    CNN_SYNTAX_UNREADABLE /* an error when it is reached; number: what was wrong */
} cnn_syntax;

/* The decorators that Python itself gives a meaning. */
typedef enum cnn_decorator {
    CNN_METHOD, /* none of them */
    CNN_STATIC_METHOD,
    CNN_CLASS_METHOD,
    CNN_PROPERTY,
    CNN_SETTER,
    CNN_DATACLASS
} cnn_decorator;

typedef struct cnn_py_node {
    uint8_t kind;
    uint8_t op;
    bool flag;
    cnn_span span;
    cnn_text text;
    union {
        int64_t number;
        double real;
    };
    struct cnn_py_node *a, *b, *c, *d;
    struct cnn_py_node *next; /* in a list of elements, arguments or statements */
} cnn_py_node;

/* A tree while it is made. */
typedef struct cnn_syntax_reader {
    cnn_arena *arena;
    cnn_error *err; /* memory, nesting */
    cnn_text text;
    const cnn_token *at;
    const cnn_token *stop; /* where a statement could not be read */
    int32_t depth;
    int32_t code;            /* what was wrong there */
    cnn_span trouble;        /* and where */
    cnn_py_node *decorators; /* of the function or class that follows */
    int32_t classes;         /* whose bodies are being read */
    bool yields;             /* the function that is being read is a generator */
    bool flat;               /* indentation was lost somewhere */
    bool inside; /* a condition of a comprehension: "if" ends it, "else" does not follow */
} cnn_syntax_reader;

/* All statements; NULL with an error when there is no memory or the nesting is too deep. A
 * statement that is not Python becomes an unreadable one. An empty text gives an empty list, a
 * CNN_SYNTAX_PASS. */
cnn_py_node *cnn_syntax_read(cnn_syntax_reader *r);

/* An expression; NULL: r->code says what is wrong, or err does. */
cnn_py_node *cnn_expression_read(cnn_syntax_reader *r);

/* The same, or several with commas between as a tuple. */
cnn_py_node *cnn_expressions_read(cnn_syntax_reader *r);

/* What a loop binds: names, or several in a tuple. */
cnn_py_node *cnn_targets_read(cnn_syntax_reader *r);

/* A value with its calls, attributes and indices, without operators. */
cnn_py_node *cnn_operand_read(cnn_syntax_reader *r);

/* The arguments in parentheses, as a call of `called`. */
cnn_py_node *cnn_call_read(cnn_syntax_reader *r, cnn_py_node *called);

/* ---- statements ---- */

cnn_py_node *cnn_statement_read(cnn_syntax_reader *r, int32_t column);

/* After the head of a compound statement: from its colon on. */
cnn_py_node *cnn_body_read(cnn_syntax_reader *r, cnn_syntax kind, int32_t column);

/* "def" and "class" with what follows. */
cnn_py_node *cnn_function_read(cnn_syntax_reader *r, int32_t column);
cnn_py_node *cnn_class_read(cnn_syntax_reader *r, int32_t column);

/* "match" as a statement, and not as a name. */
bool cnn_token_match(const cnn_token *at);
cnn_py_node *cnn_match_read(cnn_syntax_reader *r, int32_t column);

/* "def forward(self": a method at any indentation. */
bool cnn_token_method(const cnn_token *at);

/* Appends a node, or a chain of nodes, and moves *last to its end. NULL: there is no node. */
cnn_py_node *cnn_py_node_append(cnn_py_node ***last, cnn_py_node *node);

static inline bool cnn_at_line_end(const cnn_syntax_reader *r)
{
    return r->at->kind == CNN_TOKEN_LINE || r->at->kind == CNN_TOKEN_END;
}

static inline void cnn_skip_ends(cnn_syntax_reader *r)
{
    while (r->at->kind == CNN_TOKEN_LINE) {
        r->at++;
    }
}

cnn_py_node *cnn_py_node_new(cnn_syntax_reader *r, cnn_syntax kind, const cnn_token *begin);

/* Records what is wrong at the token; NULL. */
cnn_py_node *cnn_syntax_stop(cnn_syntax_reader *r, int32_t code);

/* Ends the node's span with the token before the next one; returns it. */
cnn_py_node *cnn_py_node_end(cnn_syntax_reader *r, cnn_py_node *node);

#endif
