/* Formulas of steps as text or TeX: with their names, or with numbers put in. */
#ifndef CNN_EXPLAIN_FORMULA_H
#define CNN_EXPLAIN_FORMULA_H

#include "base/out.h"
#include "base/trace.h"

/* How to write one formula. */
typedef struct cnn_formula_form {
    bool tex;
    bool numbers;  /* numbers in place of names */
    char side;     /* what the side W is written as: H for a height, D for a depth; 0: W */
    int32_t index; /* after every name, for the summands of a sum; 0: none */
} cnn_formula_form;

/* The step's formula. A sum of summands needs brackets nowhere, so none are added. */
void cnn_out_formula(cnn_out *out, const cnn_step *step, cnn_formula_form form);

/* A number: 102,764,544; 102{,}764{,}544 in TeX. What is no integer is a decimal or a fraction. */
void cnn_out_number(cnn_out *out, int64_t num, int64_t den, bool tex);

#endif
