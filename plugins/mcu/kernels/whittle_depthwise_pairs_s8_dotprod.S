/*
 * Two output rows read four input rows. The bytes of a column are interleaved to four rows of each channel, which an SDOT
 * multiplies with a column of the kernel: the weights (w0, w1, w2, 0) give the upper output row, (0, w0, w1, w2) the lower
 * one. A column serves the outputs of three pixels; columns take turns in three pairs of registers.
 *
 *   v0-v3    rows of a new column             x0       task
 *   v4-v9    three columns, channels 0-3, 4-7 x1-x4    four input rows
 *   v10-v15  weights of the upper row         x5, x6   two output rows
 *   v16-v21  weights of the lower row         x7       bytes of a pixel
 *   v22, v23 sums of the upper row            x8       bytes of an input row
 *   v24, v25 sums of the lower row            x9       biases
 *   v26, v27 multipliers                      w10      rows left
 *   v28, v29 shifts                           w11, w12 columns, columns left
 *   v30      zero point                       x13      bytes of an output row
 */
  .arch armv8.2-a+dotprod

/* Interleaves four rows, in v0-v3, of eight channels. */
.macro interleave low, high
  zip1 v0.16b, v0.16b, v1.16b
  zip1 v2.16b, v2.16b, v3.16b
  zip1 v\low\().8h, v0.8h, v2.8h
  zip2 v\high\().8h, v0.8h, v2.8h
.endm

.macro load_column low, high
  ld1 {v0.8b}, [x1], x7
  ld1 {v1.8b}, [x2], x7
  ld1 {v2.8b}, [x3], x7
  ld1 {v3.8b}, [x4], x7
  interleave \low, \high
.endm

/* Weights of a kernel column, whose first tap is at x14. */
.macro load_weights upper_low, upper_high, lower_low, lower_high
  ldr d0, [x14]
  ldr d1, [x14, x15]
  ldr d2, [x14, x16]
  movi v3.2d, #0
  interleave \upper_low, \upper_high
  shl v\lower_low\().4s, v\upper_low\().4s, #8
  shl v\lower_high\().4s, v\upper_high\().4s, #8
  add x14, x14, x7
.endm

/* The outputs of a pixel of both rows, from three columns. With a zero point of -128, `floor` is 1. */
.macro pixel a, b, c, d, e, f, floor
  ldp q22, q23, [x9]
  ldp q24, q25, [x9]
  sdot v22.4s, v\a\().16b, v10.16b
  sdot v23.4s, v\b\().16b, v11.16b
  sdot v24.4s, v\a\().16b, v16.16b
  sdot v25.4s, v\b\().16b, v17.16b
  sdot v22.4s, v\c\().16b, v12.16b
  sdot v23.4s, v\d\().16b, v13.16b
  sdot v24.4s, v\c\().16b, v18.16b
  sdot v25.4s, v\d\().16b, v19.16b
  sdot v22.4s, v\e\().16b, v14.16b
  sdot v23.4s, v\f\().16b, v15.16b
  sdot v24.4s, v\e\().16b, v20.16b
  sdot v25.4s, v\f\().16b, v21.16b
  sqrdmulh v22.4s, v22.4s, v26.4s
  sqrdmulh v23.4s, v23.4s, v27.4s
  sqrdmulh v24.4s, v24.4s, v26.4s
  sqrdmulh v25.4s, v25.4s, v27.4s
  .if \floor == 0
  /* The sign turns the shift's halves up into halves away from zero. */
  ssra v22.4s, v22.4s, #31
  ssra v23.4s, v23.4s, #31
  ssra v24.4s, v24.4s, #31
  ssra v25.4s, v25.4s, #31
  .endif
  srshl v22.4s, v22.4s, v28.4s
  srshl v23.4s, v23.4s, v29.4s
  srshl v24.4s, v24.4s, v28.4s
  srshl v25.4s, v25.4s, v29.4s
  sqxtn v22.4h, v22.4s
  sqxtn2 v22.8h, v23.4s
  sqxtn v24.4h, v24.4s
  sqxtn2 v24.8h, v25.4s
  .if \floor == 0
  sqadd v22.8h, v22.8h, v30.8h
  sqadd v24.8h, v24.8h, v30.8h
  sqxtn v22.8b, v22.8h
  sqxtn2 v22.16b, v24.8h
  .else
  /* What is below zero ends at -128, however it was rounded. */
  sqxtun v22.8b, v22.8h
  sqxtun2 v22.16b, v24.8h
  eor v22.16b, v22.16b, v30.16b
  .endif
  /* The upper row last: it lies on the lower one where there is none. */
  st1 {v22.d}[1], [x6], x7
  st1 {v22.d}[0], [x5], x7
.endm

.macro convolve_rows floor
.Lpair\floor:
  add x2, x1, x8
  add x3, x2, x8
  add x4, x3, x8
  add x6, x5, x13
  cmp w10, #1
  csel x4, x4, x3, hi
  csel x6, x6, x5, hi
  mov x14, x3
  mov x15, x6
  load_column 4, 5
  load_column 6, 7
  mov w12, w11
.Lcolumn\floor:
  load_column 8, 9
  pixel 4, 5, 6, 7, 8, 9, \floor
  subs w12, w12, #1
  b.eq .Lnext\floor
  load_column 4, 5
  pixel 6, 7, 8, 9, 4, 5, \floor
  subs w12, w12, #1
  b.eq .Lnext\floor
  load_column 6, 7
  pixel 8, 9, 4, 5, 6, 7, \floor
  subs w12, w12, #1
  b.ne .Lcolumn\floor
.Lnext\floor:
  mov x1, x14
  add x5, x15, x13
  subs w10, w10, #2
  b.hi .Lpair\floor
.endm

  .section .text.whittle_depthwise_pairs_s8_dotprod, "ax", %progbits
  .align 2
  .global whittle_depthwise_pairs_s8_dotprod
  .type whittle_depthwise_pairs_s8_dotprod, %function
whittle_depthwise_pairs_s8_dotprod:
  stp d8, d9, [sp, #-64]!
  stp d10, d11, [sp, #16]
  stp d12, d13, [sp, #32]
  stp d14, d15, [sp, #48]
  mov x5, x2
  ldp x14, x9, [x0]
  ldp x17, x3, [x0, #16]
  ldp x7, x8, [x0, #32]
  ldp w10, w11, [x0, #48]
  ldr w4, [x0, #56]
  add x15, x7, x7, lsl #1
  lsl x16, x15, #1
  load_weights 10, 11, 16, 17
  load_weights 12, 13, 18, 19
  load_weights 14, 15, 20, 21
  ldp q26, q27, [x17]
  ldr d28, [x3]
  sshll v28.8h, v28.8b, #0
  sshll2 v29.4s, v28.8h, #0
  sshll v28.4s, v28.4h, #0
  mul x13, x7, x11
  cmn w4, #128
  b.eq .Lfloor
  dup v30.8h, w4
  convolve_rows 0
  b .Ldone
.Lfloor:
  movi v30.16b, #128
  convolve_rows 1
.Ldone:
  ldp d14, d15, [sp, #48]
  ldp d12, d13, [sp, #32]
  ldp d10, d11, [sp, #16]
  ldp d8, d9, [sp], #64
  ret
  .size whittle_depthwise_pairs_s8_dotprod, . - whittle_depthwise_pairs_s8_dotprod
  .section .note.GNU-stack, "", %progbits
