/* The working of a right answer, from the functions that explain. */
#include "explain/working.h"

#include "explain/explain.h"

void cnn_working_write(cnn_out *out, cnn_json *json, const cnn_numbers *numbers,
                       const cnn_quantity *what, const cnn_subject *subject, cnn_arena scratch,
                       cnn_error *err)
{
    cnn_error its = {0};
    cnn_working to = {.out = out, .json = json};
    to.style = cnn_style_find(cnn_text_of(json != NULL ? "json" : "table"), &its);
    if (cnn_subject_single(subject) && subject->first > 0 &&
        !cnn_explain_layer(numbers, subject->first, cnn_text_of(what->name), &to, scratch, &its) &&
        its.code == CNN_OUT_OF_MEMORY) {
        (void)cnn_fail_memory(err);
    }
}
