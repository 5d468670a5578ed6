/* Python as tokens, read from text as people paste it. */
#ifndef CNN_PASTE_TOKEN_H
#define CNN_PASTE_TOKEN_H

#include "base/arena.h"
#include "base/error.h"

typedef enum cnn_token_kind {
    CNN_TOKEN_END,
    CNN_TOKEN_LINE, /* the end of a logical line; op ';': its line goes on with a statement */
    CNN_TOKEN_NAME,
    CNN_TOKEN_NUMBER,
    CNN_TOKEN_STRING,
    CNN_TOKEN_OP
} cnn_token_kind;

/* Operators of one character are that character; the others: */
enum {
    CNN_OP_POWER = 128, /* ** */
    CNN_OP_FLOOR,       /* // */
    CNN_OP_EQUAL,
    CNN_OP_UNEQUAL,
    CNN_OP_AT_MOST,
    CNN_OP_AT_LEAST,
    CNN_OP_ARROW,
    CNN_OP_NAMED, /* := */
    CNN_OP_LEFT,  /* << */
    CNN_OP_RIGHT
};

typedef struct cnn_token {
    uint8_t kind;
    uint8_t op;
    bool assigns;   /* the operator is followed by "=": += */
    bool first;     /* of its logical line */
    bool formatted; /* a string f"..." */
    bool raw;       /* a string r"..." */
    int32_t column; /* of the line, when it is the first */
    cnn_text text;  /* a name or number; the contents of a string */
    cnn_span span;
} cnn_token;

/*
 * The tokens of `text`, the last one CNN_TOKEN_END. Fences, prompts, comments and blanks of any
 * kind are passed over; typographic quotes and signs are read as the plain ones. NULL: no memory.
 */
const cnn_token *cnn_tokens_read(cnn_arena *arena, cnn_text text);

static inline bool cnn_token_is(const cnn_token *token, uint8_t op)
{
    return token->kind == CNN_TOKEN_OP && token->op == op && !token->assigns;
}

static inline bool cnn_token_word(const cnn_token *token, const char *word)
{
    return token->kind == CNN_TOKEN_NAME && cnn_word_is(token->text, word);
}

#endif
