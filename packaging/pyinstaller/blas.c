/* The products of matrices and vectors that numpy calls, instead of OpenBLAS.

OpenBLAS takes 28 MB, most of it kernels for two dozen processors and the equations of linear
algebra, which this program never solves. Its products are small. shrink.py compiles this file, and
adds the names that numpy wants and this file lacks: a call of one of them ends the program.

This file includes itself once for each type of numbers. */
#ifndef NUMBER

#include <complex.h>
#include <stdint.h>
#include <stdlib.h>

typedef int64_t Size;
enum { COLUMNS = 102, TRANSPOSED = 112, CONJUGATED = 113 };

#ifdef __x86_64__
#define FOR_PROCESSORS __attribute__((target_clones("default", "avx2,fma", "avx512f")))
#else
#define FOR_PROCESSORS
#endif
#define JOIN(a, b, c) a##b##c
#define NAME(letter, routine) JOIN(scipy_cblas_, letter, routine##64_)

#define NUMBER float
#define LETTER s
#define SCALAR float
#define VALUE(scalar) scalar
#define CONJ(number) number
#include __FILE__
#define NUMBER double
#define LETTER d
#define SCALAR double
#define VALUE(scalar) scalar
#define CONJ(number) number
#include __FILE__
#define NUMBER float complex
#define LETTER c
#define SCALAR const float complex *
#define VALUE(scalar) *scalar
#define CONJ(number) conjf(number)
#include __FILE__
#define NUMBER double complex
#define LETTER z
#define SCALAR const double complex *
#define VALUE(scalar) *scalar
#define CONJ(number) conj(number)
#include __FILE__

#else

#define OWN_(letter, name) name##_##letter
#define OWN(letter, name) OWN_(letter, name)
#define CBLAS_(letter, routine) NAME(letter, routine)
#define CBLAS(routine) CBLAS_(LETTER, routine)

FOR_PROCESSORS static void OWN(LETTER, add)(Size n, NUMBER factor, const NUMBER *from, NUMBER *to) {
    for (Size i = 0; i < n; i++) to[i] += factor * from[i];
}

FOR_PROCESSORS static NUMBER OWN(LETTER, sum)(Size n, const NUMBER *a, const NUMBER *b) {
    NUMBER total = 0;
    for (Size i = 0; i < n; i++) total += a[i] * b[i];
    return total;
}

/* A matrix, or its transpose, by the distances between its rows and between its columns. */
typedef struct {
    const NUMBER *start;
    Size row, column;
    int conjugated;
} OWN(LETTER, Matrix);

static OWN(LETTER, Matrix) OWN(LETTER, matrix)(
    int by_columns, int operation, const NUMBER *start, Size length) {
    int swapped = by_columns != (operation >= TRANSPOSED);
    return (OWN(LETTER, Matrix)){
        start, swapped ? 1 : length, swapped ? length : 1, operation == CONJUGATED};
}

static NUMBER OWN(LETTER, at)(const OWN(LETTER, Matrix) * m, Size row, Size column) {
    NUMBER value = m->start[row * m->row + column * m->column];
    return m->conjugated ? CONJ(value) : value;
}

static const NUMBER *OWN(LETTER, first)(const NUMBER *x, Size n, Size step) {
    return step < 0 ? x - (n - 1) * step : x; /* vectors may be read backward */
}

/* c = alpha * a @ b + beta * c, with rows of a and c, columns of b and c, and what both share. */
static void OWN(LETTER, product)(
    Size rows, Size columns, Size shared, NUMBER alpha, OWN(LETTER, Matrix) a,
    OWN(LETTER, Matrix) b, NUMBER beta, NUMBER *c, Size c_row, Size c_column) {
    NUMBER *space = malloc((size_t)(shared + columns + 1) * sizeof(NUMBER));
    if (!space) abort();
    NUMBER *left = space, *sums = space + shared;
    for (Size i = 0; i < rows; i++) {
        for (Size k = 0; k < shared; k++) left[k] = alpha * OWN(LETTER, at)(&a, i, k);
        for (Size j = 0; j < columns; j++) sums[j] = 0;
        if (b.column == 1 && !b.conjugated && columns > 1)
            for (Size k = 0; k < shared; k++)
                OWN(LETTER, add)(columns, left[k], b.start + k * b.row, sums);
        else if (b.row == 1 && !b.conjugated)
            for (Size j = 0; j < columns; j++)
                sums[j] = OWN(LETTER, sum)(shared, left, b.start + j * b.column);
        else
            for (Size j = 0; j < columns; j++)
                for (Size k = 0; k < shared; k++) sums[j] += left[k] * OWN(LETTER, at)(&b, k, j);
        NUMBER *out = c + i * c_row;
        for (Size j = 0; j < columns; j++)
            out[j * c_column] = sums[j] + (beta == 0 ? 0 : beta * out[j * c_column]);
    }
    free(space);
}

void CBLAS(gemm)(
    int order, int a_is, int b_is, Size rows, Size columns, Size shared, SCALAR alpha,
    const NUMBER *a, Size a_length, const NUMBER *b, Size b_length, SCALAR beta, NUMBER *c,
    Size c_length) {
    int by_columns = order == COLUMNS;
    OWN(LETTER, product)(
        rows, columns, shared, VALUE(alpha), OWN(LETTER, matrix)(by_columns, a_is, a, a_length),
        OWN(LETTER, matrix)(by_columns, b_is, b, b_length), VALUE(beta), c,
        by_columns ? 1 : c_length, by_columns ? c_length : 1);
}

/* numpy copies the upper half of the result into the lower one: here both are written. */
void CBLAS(syrk)(
    int order, int half, int a_is, Size rows, Size shared, SCALAR alpha, const NUMBER *a,
    Size a_length, SCALAR beta, NUMBER *c, Size c_length) {
    (void)half;
    CBLAS(gemm)
    (order, a_is, a_is >= TRANSPOSED ? 111 : TRANSPOSED, rows, rows, shared, alpha, a, a_length, a,
     a_length, beta, c, c_length);
}

void CBLAS(gemv)(
    int order, int a_is, Size a_rows, Size a_columns, SCALAR alpha, const NUMBER *a, Size a_length,
    const NUMBER *x, Size x_step, SCALAR beta, NUMBER *y, Size y_step) {
    int is_turned = a_is >= TRANSPOSED;
    Size results = is_turned ? a_columns : a_rows, shared = is_turned ? a_rows : a_columns;
    OWN(LETTER, Matrix) m = OWN(LETTER, matrix)(order == COLUMNS, a_is, a, a_length);
    OWN(LETTER, Matrix) turned = {m.start, m.column, m.row, m.conjugated};
    OWN(LETTER, Matrix) vector = {OWN(LETTER, first)(x, shared, x_step), 0, x_step, 0};
    NUMBER *out = (NUMBER *)OWN(LETTER, first)(y, results, y_step);
    OWN(LETTER, product)(
        1, results, shared, VALUE(alpha), vector, turned, VALUE(beta), out, 0, y_step);
}

void CBLAS(axpy)(
    Size n, SCALAR factor, const NUMBER *x, Size x_step, NUMBER *y, Size y_step) {
    const NUMBER *from = OWN(LETTER, first)(x, n, x_step);
    NUMBER *to = (NUMBER *)OWN(LETTER, first)(y, n, y_step);
    for (Size i = 0; i < n; i++) to[i * y_step] += VALUE(factor) * from[i * x_step];
}

static NUMBER OWN(LETTER, dot)(
    Size n, const NUMBER *x, Size x_step, const NUMBER *y, Size y_step, int conjugated) {
    if (x_step == 1 && y_step == 1 && !conjugated) return OWN(LETTER, sum)(n, x, y);
    const NUMBER *a = OWN(LETTER, first)(x, n, x_step), *b = OWN(LETTER, first)(y, n, y_step);
    NUMBER total = 0;
    for (Size i = 0; i < n; i++) {
        NUMBER value = a[i * x_step];
        total += (conjugated ? CONJ(value) : value) * b[i * y_step];
    }
    return total;
}

/* Real numbers are returned, complex ones written; numpy uses the one that the type has. */
NUMBER CBLAS(dot)(Size n, const NUMBER *x, Size x_step, const NUMBER *y, Size y_step) {
    return OWN(LETTER, dot)(n, x, x_step, y, y_step, 0);
}

void CBLAS(dotu_sub)(
    Size n, const NUMBER *x, Size x_step, const NUMBER *y, Size y_step, NUMBER *result) {
    *result = OWN(LETTER, dot)(n, x, x_step, y, y_step, 0);
}

void CBLAS(dotc_sub)(
    Size n, const NUMBER *x, Size x_step, const NUMBER *y, Size y_step, NUMBER *result) {
    *result = OWN(LETTER, dot)(n, x, x_step, y, y_step, 1);
}

#undef NUMBER
#undef LETTER
#undef SCALAR
#undef VALUE
#undef CONJ
#undef OWN_
#undef OWN
#undef CBLAS_
#undef CBLAS

#endif
