/* The working of a right answer, from the functions that explain. */
#include "explain/working.h"

#include "explain/explain.h"

void cnn_working_write(cnn_out *out, const cnn_numbers *numbers, const cnn_quantity *what,
                       const cnn_subject *subject, cnn_arena scratch, cnn_error *err)
{
    cnn_error its = {0};
    if (cnn_subject_single(subject) && subject->first > 0 &&
        !cnn_explain_layer(numbers, subject->first, cnn_text_of(what->name), (cnn_text){0}, scratch,
                           out, &its) &&
        its.code == CNN_OUT_OF_MEMORY) {
        (void)cnn_fail_memory(err);
    }
}
